#include "core/training/Life.h"

namespace latentoscope {
namespace {

using Wish = Life::Wish;
using Writing = Life::Writing;

/// The wish of a run that has nothing more to do, unless its session is going away.
Wish settled(const Life& life) { return life.wish == Wish::End ? Wish::End : Wish::Wait; }

/// Whether that is anything new.
bool set(Life& life, const Life& next)
{
    const bool changed = life != next;
    life = next;
    return changed;
}

bool asked(Life& life, LifeEvent event)
{
    const bool active = life.wish == Wish::Run || life.wish == Wish::Pause;
    switch (event) {
    case LifeEvent::Start:
        return life == Life{} && set(life, {RunState::Running, Wish::Run, Writing::Nothing});
    case LifeEvent::Pause:
        return life.wish == Wish::Run && set(life, {life.state, Wish::Pause, life.writing});
    case LifeEvent::Resume:
        return life.wish == Wish::Pause && set(life, {RunState::Running, Wish::Run, life.writing});
    case LifeEvent::Stop:
        return active && set(life, {life.state, Wish::Stop, life.writing});
    case LifeEvent::TrainFurther: {
        const bool may = life.wish == Wish::Wait && (life.state == RunState::Finished || life.state == RunState::Stopped);
        return may && set(life, {RunState::Running, Wish::Run, life.writing});
    }
    default:
        return life.wish != Wish::End && set(life, {life.state, Wish::End, life.writing});
    }
}

} // namespace

bool transition(Life& life, LifeEvent event)
{
    const bool training = life.state == RunState::Running || life.state == RunState::Paused;
    switch (event) {
    case LifeEvent::HasPaused:
        return training && life.wish == Wish::Pause && set(life, {RunState::Paused, Wish::Pause, life.writing});
    case LifeEvent::HasStopped:
        return training && (life.wish == Wish::Stop || life.wish == Wish::End) &&
               set(life, {RunState::Stopped, settled(life), Writing::Stopped});
    case LifeEvent::HasFinished:
        return training && set(life, {RunState::Running, settled(life), Writing::Finished});
    case LifeEvent::HasWritten:
        if (life.writing == Writing::Nothing) return false;
        return set(life, {life.writing == Writing::Finished ? RunState::Finished : life.state, life.wish, Writing::Nothing});
    case LifeEvent::HasFailed:
        return !(life.state == RunState::Failed) && set(life, {RunState::Failed, settled(life), Writing::Nothing});
    default:
        return asked(life, event);
    }
}

bool hasEnded(const Life& life) { return hasEnded(life.state) && life.writing == Writing::Nothing; }

} // namespace latentoscope
