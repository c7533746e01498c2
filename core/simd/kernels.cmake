# The compute kernels: one source, compiled once for each instruction set, chosen at run time.
# Optimised in every build type: unoptimised vector code is a hundred times slower, and tests train real networks.
add_library(latentoscope_kernels STATIC ${CMAKE_CURRENT_LIST_DIR}/InstructionSet.cpp ${CMAKE_CURRENT_LIST_DIR}/Scratch.cpp)
target_link_libraries(latentoscope_kernels PUBLIC latentoscope_options)
target_compile_options(latentoscope_kernels PRIVATE -O3 -fno-math-errno -fno-trapping-math -ffp-contract=fast)
set_target_properties(latentoscope_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(LATENTOSCOPE_X86 TRUE)
  target_compile_definitions(latentoscope_kernels PRIVATE LATENTOSCOPE_X86_KERNELS)
endif()

# Adds a table of kernels: NAME.cpp, which chooses, and NAMEBaseline.cpp, NAMEAvx2.cpp, NAMEAvx512.cpp of one folder.
function(latentoscope_add_kernels name)
  target_sources(latentoscope_kernels PRIVATE ${name}.cpp ${name}Baseline.cpp)
  if(LATENTOSCOPE_X86)
    target_sources(latentoscope_kernels PRIVATE ${name}Avx2.cpp ${name}Avx512.cpp)
    set_source_files_properties(${name}Avx2.cpp PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
    set_source_files_properties(${name}Avx512.cpp PROPERTIES COMPILE_OPTIONS
      "-mavx512f;-mavx512vl;-mavx512dq;-mavx512bw;-mavx2;-mfma;-mprefer-vector-width=512")
  endif()
endfunction()


