// hold_lock FILE: takes the lock of a journal, says so, and holds it until it is killed.
#include "core/studies/JournalLock.h"

#include <iostream>

#include <unistd.h>

int main(int argc, char** argv)
{
    if (argc != 2) return 2;
    const latentoscope::JournalLock lock(argv[1]);
    std::cout << "held" << std::endl;
    for (;;) pause();
}
