/** What staff have written and not sent: kept in the tab, by user and conversation, until the log-out. */

const PREFIX = "draft:";

export function draftOf(user, conversation) {
	const name = `${PREFIX}${user}:${conversation}`;
	return {
		read: () => JSON.parse(sessionStorage.getItem(name) ?? "{}"),
		write: (draft) => sessionStorage.setItem(name, JSON.stringify(draft)),
	};
}

/** The other tabs forget theirs, too. */
export function forgetAtLogOut(form) {
	const tabs = new BroadcastChannel("log-out");
	tabs.addEventListener("message", forget);
	form?.addEventListener("submit", () => {
		forget();
		tabs.postMessage("");
	});
}

function forget() {
	for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name);
}
