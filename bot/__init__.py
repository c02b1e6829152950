"""The bot: one branch and one pull request per category."""
