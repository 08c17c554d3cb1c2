; -f bin -w+all
%defstr x __?FLOAT?__
 db x
 float daz, up
%defstr x __?FLOAT?__
 db x
%xdefine saved __?FLOAT?__
 float default
%defstr x __?FLOAT_DAZ?__ __FLOAT_ROUND__
 db x
 float saved
%defstr x __FLOAT__
 db x
;= 6e 6f 64 61 7a 2c 6e 65 61 72 64 61 7a 2c 75 70
;= 6e 6f 64 61 7a 20 6e 65 61 72 64 61 7a 2c 75 70
