        SECTION .TEXT
        MOV     EAX, 60
        XOR     EDI, EDI
        SYSCALL
