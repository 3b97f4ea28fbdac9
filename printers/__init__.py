"""Label printers: designs, symbols, languages and transports, without a kiosk."""
