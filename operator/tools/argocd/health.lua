-- How Argo CD shows an object of Holdfast: one script for every kind. `facts`, which the generator puts above it, is all that differs.
--
-- Health says whether Holdfast did its work on what was declared, as `Ready` does. Whether hosts and objects comply, whether a waiver was
-- approved or has expired is told by conditions of their own: they are the message, and never the health. Otherwise one drifted host would
-- make an application Degraded, and fail its sync, although everything that Git declares is in place.
--
-- Argo CD opens the libraries `base` and `table` alone; not even strings have methods. A script that throws makes the whole application
-- Unknown, and a wave that is Degraded for a moment fails the sync. So nothing here trusts the shape of a status, what Holdfast tries again
-- by itself is Progressing, and what nobody can be sure of is never Healthy.

local function tableOf(value)
  if type(value) == "table" then return value end
  return {}
end

local function textOf(value)
  if type(value) == "string" and value ~= "" then return value end
  return nil
end

local metadata = tableOf(tableOf(obj).metadata)
local status = tableOf(tableOf(obj).status)
local generation = tonumber(metadata.generation)

-- Only what was said of this version of the declaration counts: Argo CD often asks before the operator has seen a change.
local function isCurrent(said)
  return generation ~= nil and tonumber(said.observedGeneration) == generation
end

local function condition(name)
  for _, one in ipairs(tableOf(status.conditions)) do
    if type(one) == "table" and one.type == name and isCurrent(one) then return one end
  end
  return {}
end

local function isTrue(name)
  return condition(name).status == "True"
end

local function sentenceOf(name)
  local said = condition(name)
  return textOf(said.message) or textOf(said.reason)
end

-- What `kubectl get -o wide` shows as STATUS: what a person wants to know of an object with which nothing is wrong.
local function toldOf()
  if facts.condition then return sentenceOf(facts.condition) end
  local value = status
  for _, name in ipairs(facts.field) do value = tableOf(value)[name] end
  return textOf(value)
end

local function health(is, message)
  return { status = is, message = message or "" }
end

if metadata.deletionTimestamp ~= nil then
  local why = isTrue("Reconciling") and sentenceOf("Reconciling")
  return health("Progressing", why and "is being deleted: " .. why or "is being deleted")
end

-- A report: it is there or not.
if facts.summary == nil then
  local told = toldOf()
  if told then return health("Healthy", told) end
  return health("Progressing", "nothing is reported yet")
end

-- A person must change something.
if isTrue("Stalled") then return health("Degraded", sentenceOf("Stalled")) end
if isTrue("Suspended") then return health("Suspended", sentenceOf("Suspended")) end

-- What has ended has ended, whatever later passes say.
if facts.summary == "Succeeded" then
  local succeeded = condition("Succeeded").status
  if succeeded == "True" then return health("Healthy", sentenceOf("Succeeded")) end
  if succeeded == "False" then return health("Degraded", sentenceOf("Succeeded")) end
end

if isTrue("Reconciling") then return health("Progressing", sentenceOf("Reconciling")) end
if not isCurrent(status) then return health("Progressing", "Holdfast has not evaluated this version yet") end

-- A rollout is as far as it is: what people wait for is not there yet, and what was taken back is not as Git declares it.
if facts.rolls and isTrue("Ready") then
  local progressing = condition("Progressing")
  local reason = textOf(progressing.reason) or ""
  local told = sentenceOf("Progressing")
  if condition("RolledBack").status == "False" then return health("Degraded", sentenceOf("RolledBack")) end
  if reason == "RollingBack" then return health("Progressing", told) end
  if reason == "NotTakenBack" or reason == "PreviousNotProven" or reason == "Rejected" then return health("Degraded", told) end
  if reason == "RolledBack" and tableOf(status.rollback).rejects == true then return health("Degraded", told) end
  if isTrue("Paused") then return health("Suspended", told) end
  for _, one in ipairs({
    "Paused", "WindowMissing", "WindowInvalid", "WindowClosed", "Frozen", "Suspended", "NeverOpens", "ApprovalNeeded", "StepRejected", "ApprovalPolicyMissing",
  }) do
    if reason == one then return health("Suspended", told) end
  end
  local isOver = reason == "NothingToDo" or reason == "Completed" or reason == "RolledBack"
  if told and not isOver then return health("Progressing", told) end
end
if isTrue("Ready") then return health("Healthy", toldOf() or sentenceOf("Ready")) end
-- Nothing says that it will be tried again.
if condition("Ready").status == "False" then return health("Degraded", sentenceOf("Ready")) end
return health("Progressing", sentenceOf(facts.summary) or "Holdfast has not evaluated this version yet")
