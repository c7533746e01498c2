#include "app/commands/Program.h"

int main(int argc, char** argv) { return latentoscope::runProgram(argc, argv); }
