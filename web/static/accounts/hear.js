import { sound } from "../console/bell.js";

const button = document.querySelector("#hear");

if (button) {
	button.hidden = false;
	button.addEventListener("click", sound);
}
