/** Addresses of the double; every answer's links are made from these. */
export interface Links {
  /** `http://127.0.0.1:PORT`, for a browser. */
  web: string;
  /** `web` + `/api/v3`, as on GitHub Enterprise Server. */
  api: string;
  /** `web` + `/api/uploads`, as on GitHub Enterprise Server. */
  uploads: string;
}

/** The addresses that follow from the web address. */
export function linksOf(web: string): Links {
  return { web, api: `${web}/api/v3`, uploads: `${web}/api/uploads` };
}
