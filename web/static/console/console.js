/** Every page of the console: the sign of life, and what is forgotten at the log-out. */

import { beat } from "./beat.js";
import { forgetAtLogOut } from "./drafts.js";

if (document.body.dataset.beat) beat(document.body.dataset);
forgetAtLogOut(document.querySelector("#logout"));
