# Builds the front end of reports and writes it into a C++ source: cmake -DWEB=... -DOUT=... -DNPM=... -P web_bundle.cmake
# Without npm, or where npm cannot get its packages, the source holds nothing, and the program says so when asked for HTML.
# -DREQUIRED=ON makes that an error instead.

set(script_file "${OUT}/dist/report.js")
set(style_file "${OUT}/dist/report.css")
set(script "")
set(style "")
set(problem "")

# npm's own mark of what it has installed: the packages are there already when it is as new as the lock file.
set(installed "${WEB}/node_modules/.package-lock.json")
if(NOT NPM)
  set(problem "npm was not found")
else()
  if(NOT EXISTS "${installed}" OR "${WEB}/package-lock.json" IS_NEWER_THAN "${installed}")
    # Install scripts of packages are left out: what we use needs none.
    execute_process(COMMAND ${NPM} ci --no-audit --no-fund --ignore-scripts
                    WORKING_DIRECTORY "${WEB}" RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(failed)
      set(problem "npm could not install what the front end is built with:\n${said}")
    else()
      file(TOUCH "${installed}")
    endif()
  endif()
  if(NOT problem)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env "PREMORTEM_WEB_OUT=${OUT}/dist" ${NPM} run --silent build
                    WORKING_DIRECTORY "${WEB}" RESULT_VARIABLE failed OUTPUT_VARIABLE said ERROR_VARIABLE said)
    if(failed)
      # What is wrong with the sources must not pass as a program without HTML.
      message(FATAL_ERROR "the front end of reports does not build:\n${said}")
    endif()
    file(READ "${script_file}" script HEX)
    file(READ "${style_file}" style HEX)
    file(SHA256 "${script_file}" hash)
    # In a page, this would end the element that the text stands in.
    if(script MATCHES "3c2f736372697074|3c212d2d" OR style MATCHES "3c2f7374796c65")
      message(FATAL_ERROR "the built front end holds </script>, <!-- or </style>, which no page can hold")
    endif()
  endif()
endif()
if(problem AND REQUIRED)
  message(FATAL_ERROR "${problem}")
elseif(problem)
  message(WARNING "HTML reports are left out of this build: ${problem}")
endif()

function(bytes hex name)
  if(hex STREQUAL "")
    set(text "const std::string_view ${name};\n")
  else()
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," list "${hex}")
    set(text "constexpr unsigned char ${name}_bytes[] = {${list}};\nconst std::string_view ${name}(reinterpret_cast<const char*>(${name}_bytes), sizeof ${name}_bytes);\n")
  endif()
  set(${name}_text "${text}" PARENT_SCOPE)
endfunction()
bytes("${script}" script)
bytes("${style}" style)
file(WRITE "${OUT}/web_bundle.cpp.new"
     "// Made by reports/web/web_bundle.cmake from reports/web.\n#include \"reports/render/web_bundle.hpp\"\n\nnamespace premortem::web {\n\n"
     "${script_text}${style_text}const std::string_view script_sha256 = \"${hash}\";\n\n}  // namespace premortem::web\n")
file(RENAME "${OUT}/web_bundle.cpp.new" "${OUT}/web_bundle.cpp")
if(problem)
  # Never up to date: the next build tries again, and says so again.
  execute_process(COMMAND touch -t 197001010000 "${OUT}/web_bundle.cpp")
endif()
