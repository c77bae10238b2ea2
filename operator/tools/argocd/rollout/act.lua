if action == "pause" then
  -- A pause that was declared keeps its reason and its end.
  if obj.spec.pause == nil then obj.spec.pause = { reason = "paused in Argo CD" } end
  return obj
end
if action == "resume" then
  obj.spec.pause = nil
  return obj
end
local value = askedOf()[action]
if value == nil then error("the rollout is not where this makes sense: see kubectl holdfast rollout explain") end
local annotations = type(obj.metadata.annotations) == "table" and obj.metadata.annotations or {}
annotations["holdfast.dev/rollout-" .. action] = value
obj.metadata.annotations = annotations
return obj
