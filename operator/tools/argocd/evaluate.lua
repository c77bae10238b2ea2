-- Another annotation is another question: Holdfast evaluates now, and not when it is due.
local annotations = obj.metadata.annotations or {}
annotations["holdfast.dev/evaluate"] = tostring((tonumber(annotations["holdfast.dev/evaluate"]) or 0) + 1)
obj.metadata.annotations = annotations
return obj
