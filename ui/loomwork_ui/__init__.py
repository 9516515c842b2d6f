"""The screens that end users work in, generated from the Model."""
