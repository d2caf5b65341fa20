// premortem completion: a script by which a shell completes commands, options and files, made from the commands
// themselves.

#include <iostream>
#include <sstream>

#include "cli/common.hpp"

namespace premortem::cli {

namespace {

struct CompletedOption {
  std::string name, description;
  bool takes_value = false, takes_path = false;
};

struct CompletedCommand {
  std::string name, description;
  std::vector<CompletedOption> options;
  bool takes_files = false;
  std::vector<std::string> words;  ///< Instead of files: the only arguments there are.
};

std::vector<CompletedCommand> commands_of(const CLI::App& app) {
  std::vector<CompletedCommand> commands;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    CompletedCommand command{sub->get_name(), sub->get_description(), {}, false, {}};
    for (const CLI::Option* option : sub->get_options()) {
      if (option->get_positional()) {
        command.takes_files = true;
        continue;
      }
      for (const std::string& name : option->get_lnames()) {
        command.options.push_back({"--" + name, option->get_description(), option->get_items_expected_max() > 0,
                                   option->get_type_name() == "PATH"});
      }
    }
    if (command.name == "completion") command.words = {"bash", "zsh", "fish"};
    commands.push_back(command);
  }
  return commands;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// In single quotes of any shell here.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash(const std::vector<CompletedCommand>& commands) {
  std::ostringstream out;
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const CompletedCommand& command : commands) names.push_back(command.name);
  out << "# bash completion of premortem: source <(premortem completion bash)\n"
         "_premortem() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options= words=\n"
         "  COMPREPLY=()\n"
         "  if ((COMP_CWORD == 1)); then\n"
         "    mapfile -t COMPREPLY < <(compgen -W '"
      << joined(names)
      << " --help --version' -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n";
  for (const CompletedCommand& command : commands) {
    std::vector<std::string> options, values, paths;
    for (const CompletedOption& option : command.options) {
      options.push_back(option.name);
      if (option.takes_value) (option.takes_path ? paths : values).push_back(option.name);
    }
    out << "    " << command.name << ")\n      options=" << quoted(joined(options))
        << " words=" << quoted(joined(command.words)) << "\n      case $before in\n";
    const auto alternatives = [](const std::vector<std::string>& all) {
      std::string text;
      for (const std::string& one : all) text += (text.empty() ? "" : " | ") + one;
      return text;
    };
    if (!paths.empty())
      out << "        " << alternatives(paths) << ") mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n";
    if (!values.empty()) out << "        " << alternatives(values) << ") return ;;\n";
    out << "        *) ;;\n      esac\n      ;;\n";
  }
  out << "    *) return ;;\n"
         "  esac\n"
         "  if [[ $word == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
         "  elif [[ -n $words ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
         "  else\n"
         "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _premortem premortem\n";
  return out.str();
}

std::string zsh(const std::vector<CompletedCommand>& commands) {
  std::ostringstream out;
  // A colon ends the name in a description of zsh, and brackets end the description.
  const auto plain = [](std::string text) {
    for (char& c : text) {
      if (c == ':' || c == '[' || c == ']') c = ' ';
    }
    return text;
  };
  out << "#compdef premortem\n# zsh completion of premortem: premortem completion zsh > \"${fpath[1]}/_premortem\"\n"
         "_premortem() {\n  if ((CURRENT == 2)); then\n    local -a commands=(\n";
  for (const CompletedCommand& command : commands)
    out << "      " << quoted(command.name + ":" + plain(command.description)) << "\n";
  out << "    )\n    _describe command commands\n    return\n  fi\n  case ${words[2]} in\n";
  for (const CompletedCommand& command : commands) {
    out << "    " << command.name << ")\n      _arguments \\\n        '1:command:' \\\n";
    for (const CompletedOption& option : command.options) {
      out << "        "
          << quoted("*" + option.name + "[" + plain(option.description) + "]" +
                    (!option.takes_value ? ""
                     : option.takes_path ? ":path:_files"
                                         : ":value:"))
          << " \\\n";
    }
    out << "        " << (command.words.empty() ? "'*:file:_files'" : quoted("*:word:(" + joined(command.words) + ")"))
        << "\n      ;;\n";
  }
  out << "  esac\n}\n_premortem \"$@\"\n";
  return out.str();
}

std::string fish(const std::vector<CompletedCommand>& commands) {
  std::ostringstream out;
  out << "# fish completion of premortem: premortem completion fish > ~/.config/fish/completions/premortem.fish\n";
  for (const CompletedCommand& command : commands) {
    out << "complete -c premortem -n __fish_use_subcommand -f -a " << command.name << " -d "
        << quoted(command.description) << "\n";
    const std::string when = "complete -c premortem -n '__fish_seen_subcommand_from " + command.name + "'";
    for (const CompletedOption& option : command.options) {
      out << when << " -l " << option.name.substr(2)
          << (!option.takes_value ? ""
              : option.takes_path ? " -r"
                                  : " -x")
          << " -d " << quoted(option.description) << "\n";
    }
    if (!command.words.empty()) out << when << " -f -a " << quoted(joined(command.words)) << "\n";
  }
  return out.str();
}

}  // namespace

void add_completion(CLI::App& app, int& code) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("completion", "print a script that completes commands and options in a shell");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name("")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(
      "Examples:\n  source <(premortem completion bash)\n"
      "  premortem completion zsh > \"${fpath[1]}/_premortem\"\n"
      "  premortem completion fish > ~/.config/fish/completions/premortem.fish");
  command->callback([&app, shell, &code] {
    const std::vector<CompletedCommand> commands = commands_of(app);
    std::cout << (*shell == "bash" ? bash(commands) : *shell == "zsh" ? zsh(commands) : fish(commands));
    code = as_expected;
  });
}

}  // namespace premortem::cli
