/**
 * What the dashboard of a report is called: reports name it by its ID.
 */

import { api } from "../api/client.js";
import { ApiError } from "../api/error.js";

/**
 * @param {number} id
 * @param {AbortSignal} signal
 * @returns {Promise<string | undefined>} Nothing if there is none any more.
 */
export async function dashboardName(id, signal) {
  try {
    const { data } = await api.get("/api/dashboards/{id}/", { path: { id }, signal });
    return data.name;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
