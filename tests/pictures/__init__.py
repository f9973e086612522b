"""Pictures of what people see: the real blocks of every state, drawn by a stand-in for Slack."""
