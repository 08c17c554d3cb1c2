        extern  printf, _strat
        section .text
_start: call    printf
        jmp     _strat
        call    printf
