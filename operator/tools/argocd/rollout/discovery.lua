-- Which actions there are for the rollout as it is now.
local isSettled = obj.metadata.deletionTimestamp == nil and isExact(obj)
local asked = askedOf()
local icons = { skip = "fa-step-forward", promote = "fa-fast-forward", abort = "fa-undo", retry = "fa-redo" }
local actions = {
  pause = { disabled = not isSettled or spec.pause ~= nil, iconClass = "fa fa-fw fa-pause" },
  resume = { disabled = not isSettled or spec.pause == nil, iconClass = "fa fa-fw fa-play" },
}
for name, icon in pairs(icons) do
  actions[name] = { disabled = not isSettled or asked[name] == nil, iconClass = "fa fa-fw " .. icon }
end
return actions
