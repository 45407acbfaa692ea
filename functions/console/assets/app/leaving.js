/**
 * Leaving the page that is open, by a link or by signing out: what would be lost is asked about first.
 */

/** @typedef {() => boolean | Promise<boolean>} Guard  Whether the page may be left. */

/** @type {Guard | undefined} */
let guard;

/** Asked before the open page is left. @param {Guard | undefined} asked */
export function guardLeaving(asked) {
  guard = asked;
}

/** Whether something would be lost. */
export function isGuarded() {
  return guard !== undefined;
}

export async function mayLeave() {
  return guard ? guard() : true;
}
