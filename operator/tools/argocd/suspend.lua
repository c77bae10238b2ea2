-- A suspension that was declared keeps its reason and its end.
if obj.spec.suspend == nil then obj.spec.suspend = { reason = "suspended in Argo CD" } end
return obj
