; One program from three files: globals of one are externs of another, sections of one name are joined.
; with: three_files_print.inc three_files_data.inc
; stdout: 3 files\n
; status: 3

        extern  print, message, message_length
        extern  count
        global  _start, first

        section .text
_start: lea     rsi, [rel message]
        mov     rdx, [rel message_length]
        call    print
        mov     edi, [count]
        mov     eax, 60
        syscall

        section .data
first:  dd      1
