/**
 * What all paths are below: `/`, or `/production/` on API Gateway's default domain. This file is at `assets/{version}/api/root.js`.
 */
export const root = new URL("../../../", import.meta.url);
