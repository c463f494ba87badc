/** Every page of the console: the sign of life, what is forgotten at the log-out, and that a form is sent once. */

import { beat } from "./beat.js";
import { forgetAtLogOut } from "./drafts.js";
import { sendOnce } from "./once.js";

if (document.body.dataset.beat) beat(document.body.dataset);
forgetAtLogOut(document.querySelector("#logout"));
sendOnce();
