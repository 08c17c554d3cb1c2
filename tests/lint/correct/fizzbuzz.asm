; runs: stdout 1\n2\nFizz\n4\nBuzz\nFizz\n7\n8\nFizz\nBuzz\n11\nFizz\n13\n14\nFizzBuzz\n

%macro print 2
    mov eax, 1
    mov edi, 1
    lea rsi, [rel %1]
    mov edx, %2
    syscall
%endmacro

%macro exit 1
    mov eax, 60
    mov edi, %1
    syscall
%endmacro

default rel
section .text
global _start
_start:
    mov ebx, 1
.loop:
    xor ebp, ebp
    mov eax, ebx
    xor edx, edx
    mov ecx, 3
    div ecx
    test edx, edx
    jnz .not3
    print fizz, 4
    inc ebp
.not3:
    mov eax, ebx
    xor edx, edx
    mov ecx, 5
    div ecx
    test edx, edx
    jnz .not5
    print buzz, 4
    inc ebp
.not5:
    test ebp, ebp
    jnz .newline
    mov eax, ebx
    call number
.newline:
    print nl, 1
    inc ebx
    cmp ebx, 15
    jbe .loop
    exit 0

number:
    lea rsi, [digits+4]
    mov ecx, 10
    xor r8d, r8d
.again:
    xor edx, edx
    div ecx
    add dl, '0'
    dec rsi
    mov [rsi], dl
    inc r8d
    test eax, eax
    jnz .again
    mov eax, 1
    mov edi, 1
    mov edx, r8d
    syscall
    ret

section .data
fizz: db "Fizz"
buzz: db "Buzz"
nl:   db 10
digits: times 4 db 0
