"""What Perfex itself does with its records, whoever asks: the staff pages or the REST module."""
