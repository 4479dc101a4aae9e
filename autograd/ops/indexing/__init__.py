"""Operations that choose elements by index, mask, or order."""
