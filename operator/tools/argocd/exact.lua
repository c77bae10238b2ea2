-- Argo CD sends back every number that it read as a float: one beyond 2^53 would come back as another, in a declaration that nobody meant to
-- change. Then there are no actions.
local function isExact(value)
  if type(value) == "number" then return value > -9007199254740992 and value < 9007199254740992 end
  if type(value) ~= "table" then return true end
  for _, inner in pairs(value) do
    if not isExact(inner) then return false end
  end
  return true
end
