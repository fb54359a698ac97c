"""Papers that leave the program: put together once, written as PDF, ODT or HTML, byte for byte alike."""
