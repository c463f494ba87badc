"""The live desk: staff take over conversations and answer."""
