; -f bin -w+all
fibonacci:
%assign i 0
%assign j 1
%rep 100
%if j > 255
%exitrep
%endif
db j
%assign k j + i
%assign i j
%assign j k
%endrep
;= 01 01 02 03 05 08 0d 15 22 37 59 90 e9
