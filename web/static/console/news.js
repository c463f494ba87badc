/** What has come, said once to screen readers: what comes close together is said together. */

const TOGETHER = 300;

const node = document.querySelector("#news");
let waiting = [];

export function announce(text) {
	if (!waiting.length) setTimeout(say, TOGETHER);
	waiting.push(text);
}

function say() {
	node.textContent = waiting.join(" ");
	waiting = [];
}
