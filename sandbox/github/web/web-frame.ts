import { escapeHtml } from "./markdown.ts";

const styleSheet = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --quiet: light-dark(#59636e, #9198a1); --soft: light-dark(#f6f8fa, #151b23); --link: light-dark(#0969da, #4493f8); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; font: 16px/1.55 system-ui, sans-serif; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); overflow-wrap: break-word; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
header h1 { font-size: 1.3rem; font-weight: 500; margin: 0; }
header p { margin: .25rem 0 0; }
article { border: 1px solid var(--line); border-radius: 8px; padding: 1.25rem 1.5rem; margin: 1.5rem 0; }
article > h2 { margin: 0 0 .25rem; font-size: 1.6rem; }
h3 { margin: 1.5rem 0 .5rem; }
.quiet { color: var(--quiet); font-size: .9rem; }
.badge { display: inline-block; vertical-align: middle; border: 1px solid; border-radius: 2em; padding: 0 .6em; font-size: .75rem; font-weight: 600; }
.latest { color: light-dark(#1a7f37, #3fb950); }
.early { color: light-dark(#9a6700, #d29922); }
.count { background: var(--soft); border: 1px solid var(--line); border-radius: 2em; padding: 0 .5em; font-size: .8rem; }
code { font: .875em ui-monospace, monospace; background: var(--soft); border-radius: 4px; padding: .15em .35em; }
pre { background: var(--soft); border-radius: 6px; padding: .9rem 1rem; overflow-x: auto; }
pre code { background: none; padding: 0; }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--quiet); }
table { border-collapse: collapse; max-width: 100%; }
.notes table, .wide { display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .35rem .7rem; text-align: left; }
.assets { width: 100%; }
.assets th, .assets td { border-width: 0 0 1px; }
.assets .size { text-align: right; white-space: nowrap; }
hr { border: 0; border-top: 1px solid var(--line); }
`;

/** Makes a whole page around a body. Light and dark follow the browser; nothing is loaded. */
export function pageFrame(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${styleSheet}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
