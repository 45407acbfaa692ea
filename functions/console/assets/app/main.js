/**
 * Where the console begins.
 */

import { start } from "./shell.js";

start();
