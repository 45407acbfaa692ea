/**
 * Signing out, by who wants to: what would be lost by it is asked about, and what was begun is undone while there is still a token for it.
 */

import { sleep } from "../api/connection.js";
import { session } from "../api/session.js";
import { importTasks } from "../data-sources/import-task.js";
import { confirm } from "../ui/dialog.js";
import { mayLeave } from "./leaving.js";

/** How long is waited for what is undone: the server may be away. */
const PATIENCE_MS = 5000;

export async function signOut() {
  if (!(await mayLeave())) return;
  if (importTasks.unsent.length > 0) {
    const text = "The upload is canceled then.";
    if (!(await confirm({ title: "Sign out during an upload?", text, action: "Sign out", isDangerous: true }))) return;
    await Promise.race([importTasks.cancelUnsent(), sleep(PATIENCE_MS)]);
  }
  session.signOut();
}
