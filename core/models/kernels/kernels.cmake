# The compute kernels: one source, compiled once for each instruction set, chosen at run time.
# Optimised in every build type: unoptimised vector code is a hundred times slower, and tests train real networks.
set(LATENTOSCOPE_KERNELS_FOLDER ${CMAKE_CURRENT_LIST_DIR})
add_library(latentoscope_kernels STATIC
  ${LATENTOSCOPE_KERNELS_FOLDER}/Kernels.cpp
  ${LATENTOSCOPE_KERNELS_FOLDER}/KernelsBaseline.cpp
  ${LATENTOSCOPE_KERNELS_FOLDER}/Scratch.cpp)
target_link_libraries(latentoscope_kernels PUBLIC latentoscope_options)
target_compile_options(latentoscope_kernels PRIVATE -O3 -fno-math-errno -fno-trapping-math -ffp-contract=fast)
set_target_properties(latentoscope_kernels PROPERTIES POSITION_INDEPENDENT_CODE ON)

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  target_sources(latentoscope_kernels PRIVATE
    ${LATENTOSCOPE_KERNELS_FOLDER}/KernelsAvx2.cpp
    ${LATENTOSCOPE_KERNELS_FOLDER}/KernelsAvx512.cpp)
  target_compile_definitions(latentoscope_kernels PRIVATE LATENTOSCOPE_X86_KERNELS)
  set_source_files_properties(${LATENTOSCOPE_KERNELS_FOLDER}/KernelsAvx2.cpp PROPERTIES COMPILE_OPTIONS "-mavx2;-mfma")
  set_source_files_properties(${LATENTOSCOPE_KERNELS_FOLDER}/KernelsAvx512.cpp PROPERTIES COMPILE_OPTIONS
    "-mavx512f;-mavx512vl;-mavx512dq;-mavx512bw;-mavx2;-mfma;-mprefer-vector-width=512")
endif()
