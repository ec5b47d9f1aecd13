# deepaxe_library, deepaxe_tests: the two ways a target of this project is declared.

add_library(deepaxe_warnings INTERFACE)
add_library(deepaxe::warnings ALIAS deepaxe_warnings)
target_compile_options(deepaxe_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Werror
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # GCC 12 warns of "text" + std::string (PR 105651).
  -ffp-contract=off)  # No fused multiply-add: the same floats from every compiler and target.

# deepaxe_library(NAME SOURCES ... HEADERS ... [PUBLIC lib...] [PRIVATE lib...])
# NAME is the folder below src/deepaxe with '/' written as '_'; the alias is deepaxe::NAME.
function(deepaxe_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
  add_library(deepaxe_${name} STATIC)
  add_library(deepaxe::${name} ALIAS deepaxe_${name})
  target_sources(deepaxe_${name}
    PRIVATE ${arg_SOURCES}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${arg_HEADERS})
  target_compile_features(deepaxe_${name} PUBLIC cxx_std_20)
  target_link_libraries(deepaxe_${name}
    PUBLIC ${arg_PUBLIC}
    PRIVATE ${arg_PRIVATE} $<BUILD_INTERFACE:deepaxe::warnings>)
endfunction()

# deepaxe_tests(NAME SOURCES ... [LIBRARIES lib...] [LABEL label]): one test program for one library.
# LABEL outside: whole models and data sets, left out under sanitizers; default unit.
function(deepaxe_tests name)
  if(NOT DEEPAXE_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(${name}_test ${arg_SOURCES})
  target_compile_definitions(${name}_test PRIVATE
    DEEPAXE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name}_test PRIVATE
    ${arg_LIBRARIES} deepaxe::warnings GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name}_test TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 120
    PROPERTIES TIMEOUT 900 LABELS ${arg_LABEL})
endfunction()
