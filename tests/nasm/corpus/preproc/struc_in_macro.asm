; -f bin -w+all
%macro define_struc 1
struc %1
.first: resd 1
.second: resq 1
endstruc
%endmacro
define_struc alpha
define_struc beta
db alpha.second, alpha_size, beta_size
;= 04 0c 0c
