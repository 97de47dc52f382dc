"""What the field brings beside dossiers (trips, tickets, custody …), as the desk reads it."""
