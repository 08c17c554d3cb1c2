; Copies standard input to standard output and leaves at the end or at an error.  Read and write are system calls
; 3 and 4 for descriptors 0 and 1, so that one instruction serves both, in turns; the buffer is the stack.
global _start
_start: pop edx                 ; the number of arguments: as many bytes at a time, one mostly
        mov ecx,esp
next:   lea eax,[ebx+3]
        int 0x80
        xchg eax,edx            ; as many bytes as were read; the old count is small
        xor ebx,1
        test edx,edx
        jg next
        mov al,1                ; exit
        int 0x80
