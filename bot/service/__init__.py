"""The App as a service: webhooks in, durable jobs, one repository at a time."""
