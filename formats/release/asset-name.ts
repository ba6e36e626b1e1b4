/**
 * A file name that GitHub keeps as the name of an asset: letters, digits, `_`, `-`, and dots and `+` inside (`app-1.2.3+5.tgz`, as the assets of
 * github.com/astral-sh/python-build-standalone are named). It changes all others but `@`.
 */
export const assetName = /^[A-Za-z0-9_-]([A-Za-z0-9._+-]*[A-Za-z0-9_-])?$/;
