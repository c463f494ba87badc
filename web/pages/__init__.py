"""Pages for citizens around the chat: about the alliance, all questions and answers, and the legal notices."""
