.386
.model flat, stdcall
.data
count   dword   5
.code
main proc
        mov     eax, offset count
        ret
main endp
end main
