-- Which actions there are for the object as it is now.
local spec = type(obj.spec) == "table" and obj.spec or {}
local isSettled = obj.metadata.deletionTimestamp == nil and isExact(obj)
local isSuspended = spec.suspend ~= nil
local actions = {}
if facts.suspends then
  actions["suspend"] = { disabled = not isSettled or isSuspended, iconClass = "fa fa-fw fa-pause" }
  actions["resume"] = { disabled = not isSettled or not isSuspended, iconClass = "fa fa-fw fa-play" }
end
if facts.evaluates then
  actions["evaluate"] = { disabled = not isSettled or isSuspended, iconClass = "fa fa-fw fa-sync" }
end
return actions
