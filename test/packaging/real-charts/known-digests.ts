/** What the packages of the twelve charts have been since they were written. If one changes, so does that of every published chart. */
export const knownDigests: Readonly<Record<string, string>> = {
  analytics: "sha256:a63a18c19ca6a99f11a7bb2cbf982902ce5167a19da644ebbece9adaf9a69ff0",
  billing: "sha256:c0435d036624bbe3b32c7360572d36fd642f5e0b03e7ffebb42c00a35ff5cf08",
  common: "sha256:9e24a3e14870135c2b01f59fdeda6f3012649795536566da7dcf28aaa3864b4d",
  dashboards: "sha256:6086a52525a761c79cffee1af85f3dfdda0a650bc18b30b45449a32385a295a6",
  gateway: "sha256:66b75af91f1d0c95a44978b02e43563e2f8b2a226d31abd90e2a1e68c09329ee",
  "ledger-operator": "sha256:4e5c205e55370367c807f01bbe005e4785b815573feeff7cd31ed5a80a83e82a",
  legacy: "sha256:a898d3df8bdf633bf58e08ac4fb7a1c1a561a4650da53f879575c55984ce2d15",
  locales: "sha256:810ca70178fcde45d6f8e1edbac82944cec7d472cfd828ff9152eb6c2ce997fd",
  migrations: "sha256:f1c55992ab409e705f16dd9a9f7c4e4c9662635f19a8336d670f10be8d52a7b3",
  storefront: "sha256:f5e080de3312eb4743566658fab9e615c3feabd085c56754a0f525c15edca4aa",
  suite: "sha256:285fd32bb91313f4b30ac46bd977e0826c60191ecb171361b8342c0b13dff8b5",
  "windows-agent": "sha256:f83d976880d5697ff4aead3cfd635b9180ac02cb90633cdcc8925ddcb00baf31",
};
