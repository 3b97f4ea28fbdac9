"""From GraphQL to the factory: what each field of the schemas reads, and what each mutation does."""
