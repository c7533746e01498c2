#include "app/commands/Program.h"
#include "app/study/IgnoredSignals.h"

int main(int argc, char** argv)
{
    latentoscope::ignoreRememberedSignals();
    return latentoscope::runProgram(argc, argv);
}
