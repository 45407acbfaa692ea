/**
 * What roles may, as `docs/api.md` ("Roles") has it: so that nothing is offered which the API would refuse. The API decides.
 */

/** @typedef {Api.Schemas["Role"]} Role */

/** @type {Role[]} */
const MANAGERS = ["owner", "administrator"];
/** @type {Role[]} */
const ANALYSTS = [...MANAGERS, "analyst"];
/** @type {Role[]} */
const MEMBERS = [...ANALYSTS, "member"];

const ROLES = {
  "dashboards:write_own": ANALYSTS,
  "dashboards:write_any": MANAGERS,
  "reports:write_own": MEMBERS,
  "reports:write_any": MANAGERS,
  "data_sources:write_files": ANALYSTS,
  "data_sources:write": MANAGERS,
  "analytics:query": MEMBERS,
  "api_keys:any": MANAGERS,
  "usage:read": MANAGERS,
};

/**
 * @param {Api.Schemas["Account"]} account
 * @param {keyof typeof ROLES} permission
 */
export function may({ user }, permission) {
  return ROLES[permission].includes(user.role);
}

/**
 * Whether somebody may change and delete this one: their own, or anybody's.
 * @param {Api.Schemas["Account"]} account
 * @param {"dashboards" | "reports"} kind
 * @param {{ created_by: number }} one
 */
export function mayChange(account, kind, { created_by: maker }) {
  return may(account, `${kind}:write_any`) || (may(account, `${kind}:write_own`) && maker === account.user.id);
}
