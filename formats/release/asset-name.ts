/** A file name that GitHub keeps as the name of an asset: letters, digits, `_`, `-`, and dots inside. It changes all others. */
export const assetName = /^[A-Za-z0-9_-]([A-Za-z0-9._-]*[A-Za-z0-9_-])?$/;
