import { call, stand } from "./standing.js";

/**
 * Says every few `seconds` that the member of staff is there, and shows what is said in return, unless the page hears that
 * by a line of its own. Ends with the log-in.
 */
export async function beat({ beat: address, seconds, news }) {
	let waiting = Number(document.querySelector("#waiting [data-field=waiting]").textContent);
	for (;;) {
		const response = await signOfLife(address);
		if (response?.status === 401 || response?.status === 403) return;
		if (news !== undefined && response?.ok && !response.redirected) {
			const standing = await response.json();
			if (standing.waiting > waiting) call(standing);
			waiting = standing.waiting;
			stand(standing);
		}
		// Set after the answer: of timers that set each other, a hidden tab runs one a minute.
		await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
	}
}

/** The answer, null where the line is broken. */
async function signOfLife(address) {
	const body = new FormData(document.querySelector("#logout"));
	const headers = { Accept: "application/json" };
	return fetch(address, { method: "POST", body, headers, signal: AbortSignal.timeout(10_000) }).catch(() => null);
}
